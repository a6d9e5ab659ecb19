import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the vector loops of the element-wise functions from their scalar twins, so that each is written once: every public
 * method of the sources becomes a loop, with what it calls written out in it, for a vector that crosses a call may be boxed.
 * Run by the build; arguments: the folder of sources and the folder to write to.
 *
 * <p>A source method is a straight line of declarations and assignments of {@code float}, {@code int} and {@code boolean},
 * and a return. Its arguments of certain names ({@link #ARRAYS}) are arrays of the loop, others the same for all elements. Both
 * sides of a {@code ?:} are computed and blended. What is computed twice in the source is computed once in the loop.
 *
 * <p>Where arguments are called a and b, there are two more loops, for broadcasting: with {@code One} and the name of the
 * argument that is the same for all elements.
 *
 * <p>A first {@code if} with a return is for rare arguments: its value is computed and blended in only where a vector has such
 * an argument. Where that takes more than floats, the whole vector is computed by the scalar method, of which {@code
 * ScalarTrigonometry} is a copy.
 */
final class GenerateElementLoops {
    private static final String[] SOURCES = {
        "FloatExponentials",
        "FloatLogarithms",
        "FloatTrigonometry",
        "FloatErrorFunctions",
        "FloatRectifiers",
        "FloatQuotients",
        "FloatGates",
        "FloatLosses",
        "FloatArithmetic"
    };

    /** Functions that also have a loop that adds their results up, with {@code Summed} behind its name. */
    private static final Set<String> SUMMED = Set.of("expBelow");

    /** Names of arguments that differ from element to element. */
    private static final Set<String> ARRAYS = Set.of("x", "y", "dy", "t", "mask", "a", "b");

    private static final Pattern METHOD = Pattern.compile(
            "    (public |private |)static (float|int) (\\w+)\\(([^)]*)\\) \\{\\n(.*?)\\n    }\\n", Pattern.DOTALL);
    private static final Pattern CONSTANT = Pattern.compile("static final (float|int) (\\w+) = ([^;]+);");
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(0[xX][0-9a-fA-F.]+(?:p-?\\d+)?[fL]?|\\d[\\d.]*f?|[A-Za-z_][\\w.]*|>>>|<<|>>|[<>=!]=|[-+*/&|^~!?:(),<>=;{}])");

    /** A method of the sources; parameters are types and names by turns. */
    private record Method(
            String source, boolean isPublic, String type, String name, List<String> parameters, String body) {}

    /** What an expression has become: code of a vector, or of a scalar that is the same for all elements. */
    private record Value(String type, String code, boolean vector) {}

    private final Map<String, Method> methods = new LinkedHashMap<>();
    private final Map<String, Value> constants = new LinkedHashMap<>();
    private final StringBuilder constantLines = new StringBuilder();
    private final StringBuilder loops = new StringBuilder();

    /** Of the loop that is being written: its lines, and which variable holds what has been computed. */
    private final List<String> lines = new ArrayList<>();

    private final Map<String, Value> computed = new HashMap<>();
    /** The rare case: its mask, whether it is where that is not set, its value if it has one, and where its lines are. */
    private String rareMask;

    private boolean rareIsUnset;
    private Value rareValue;
    private int rareAt;
    private int rareEnd;

    private List<String> tokens;
    private int at;
    private Map<String, Value> locals;
    private int depth;

    private GenerateElementLoops() {}

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0], "dev", "lanewise", "reference");
        Path to = Path.of(args[1], "dev", "lanewise", "kernels", "micro");
        Files.createDirectories(to);
        GenerateElementLoops generator = new GenerateElementLoops();
        for (String source : SOURCES) {
            generator.read(source, Files.readString(from.resolve(source + ".java")));
        }
        for (Method method : generator.methods.values()) {
            if (method.isPublic) {
                generator.loop(method, "");
                if (SUMMED.contains(method.name)) {
                    generator.summedLoop(method);
                }
                if (method.parameters.contains("a") && method.parameters.contains("b")) {
                    generator.loop(method, "a");
                    generator.loop(method, "b");
                }
            }
        }
        write(to.resolve("ElementLoops.java"), generator.loopsClass());
        write(
                to.resolve("ScalarTrigonometry.java"),
                generator.scalarCopy(Files.readString(from.resolve("FloatTrigonometry.java"))));
    }

    /** An unchanged file keeps its time, so that nothing is compiled anew. */
    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    private void read(String source, String text) {
        String code = text.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\n]*", "");
        Matcher constant = CONSTANT.matcher(code);
        while (constant.find()) {
            constants.put(constant.group(2), new Value(constant.group(1), constant.group(2), false));
            constantLines
                    .append("    private static final ")
                    .append(constant.group(1))
                    .append(' ');
            constantLines
                    .append(constant.group(2))
                    .append(" = ")
                    .append(constant.group(3))
                    .append(";\n");
        }
        Matcher method = METHOD.matcher(code);
        while (method.find()) {
            List<String> parameters = List.of(method.group(4).split(",?\\s+"));
            String key = key(method.group(3), parameters.size() / 2);
            methods.put(
                    key,
                    new Method(
                            source,
                            method.group(1).equals("public "),
                            method.group(2),
                            method.group(3),
                            parameters,
                            method.group(5)));
        }
    }

    private static String key(String name, int parameters) {
        return name + "/" + parameters;
    }

    private String loopsClass() {
        return """
                package dev.lanewise.kernels.micro;

                import dev.lanewise.runtime.Lanes;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.IntVector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /**
                 * The loops over elements of the functions and activations, and of their gradients. Generated from the scalar
                 * twins in {@code dev.lanewise.reference}, which say what each computes.
                 *
                 * <p>Assumed of every loop: the ranges lie within their arrays, and a range that is written is one that is
                 * read, or shares no element with it. The last elements that fill no vector go through the same operations
                 * under a mask, so that an element's place does not change its bits. Nothing outside the ranges is read or
                 * written.
                 */
                public final class ElementLoops {
                    private static final VectorSpecies<Float> S = Lanes.FLOATS;
                """ + constantLines + "\n    private ElementLoops() {}\n" + loops + "}\n";
    }

    /** The scalar methods in the kernels' own package; their shared constants come with them. */
    private String scalarCopy(String text) {
        StringBuilder needed = new StringBuilder();
        Matcher shared = Pattern.compile("import static [\\w.]+\\.(\\w+);\n").matcher(text);
        while (shared.find()) {
            Matcher line = Pattern.compile("    private static final \\w+ " + shared.group(1) + " = [^;]+;\n")
                    .matcher(constantLines);
            if (!line.find()) {
                throw new IllegalStateException("no constant " + shared.group(1));
            }
            needed.append(line.group());
        }
        String copy = shared.replaceAll("")
                .replace("package dev.lanewise.reference;", "package dev.lanewise.kernels.micro;")
                .replace("public static", "static")
                .replaceFirst(
                        "(?s)/\\*\\*.*?\\*/",
                        "/** For arguments that are too large for vectors. Generated from the scalar twin. */")
                .replace("public final class FloatTrigonometry {\n", "final class ScalarTrigonometry {\n" + needed)
                .replace("FloatTrigonometry", "ScalarTrigonometry");
        return copy;
    }

    /** Writes a loop; one argument may be the same for all elements, otherwise {@code one} is empty. */
    private void loop(Method method, String one) {
        lines.clear();
        computed.clear();
        rareMask = null;
        rareValue = null;
        List<String> arrays = new ArrayList<>();
        StringBuilder parameters = new StringBuilder();
        StringBuilder scalars = new StringBuilder();
        Map<String, Value> arguments = new HashMap<>();
        for (int i = 1; i < method.parameters.size(); i += 2) {
            String name = method.parameters.get(i);
            boolean array = ARRAYS.contains(name) && !name.equals(one);
            if (array) {
                arrays.add(name);
                parameters
                        .append("float[] ")
                        .append(name)
                        .append(", int ")
                        .append(name)
                        .append("0, ");
            } else {
                scalars.append(", float ").append(name);
            }
            arguments.put(name, array ? new Value("float", name + "Lanes", true) : new Value("float", name, false));
        }
        String target = arrays.contains("dy") ? "dx" : "y";
        String name = method.name + (one.isEmpty() ? "" : "One" + one.toUpperCase(Locale.ROOT));
        String result = inline(method, arguments).code;
        loops.append("\n    /** {@code dev.lanewise.reference.")
                .append(method.source)
                .append('.')
                .append(method.name);
        loops.append("}, from ")
                .append(String.join(" and ", arrays))
                .append(" to ")
                .append(target)
                .append(". */\n");
        loops.append("    public static void ")
                .append(name)
                .append('(')
                .append(parameters)
                .append("float[] ");
        loops.append(target)
                .append(", int ")
                .append(target)
                .append("0, int size")
                .append(scalars)
                .append(") {\n");
        loops.append("        int whole = S.loopBound(size);\n");
        loops.append("        for (int i = 0; i < whole; i += S.length()) {\n");
        body(arrays, target, result, "i", "", "continue", method);
        loops.append("        }\n        if (whole < size) {\n");
        loops.append("            VectorMask<Float> rest = S.indexInRange(whole, size);\n");
        body(arrays, target, result, "whole", ", rest", "return", method);
        loops.append("        }\n    }\n");
    }

    /** Writes a loop of one array that adds its results to virtual lanes, hidden behind the operations of the function. */
    private void summedLoop(Method method) {
        lines.clear();
        computed.clear();
        String scalar = method.parameters.get(3);
        String result = inline(
                        method,
                        Map.of("x", new Value("float", "xLanes", true), scalar, new Value("float", scalar, false)))
                .code;
        loops.append("""

                    /** {@code dev.lanewise.reference.%1$s.%2$s}, from x to y, added to {@link VirtualLanes}. */
                    public static void %2$sSummed(float[] x, int x0, float[] y, int y0, int size, float %3$s, float[] lanes, int lanes0) {
                        for (int lane = 0; lane < VirtualLanes.COUNT; lane += S.length()) {
                            FloatVector sum = FloatVector.fromArray(S, lanes, lanes0 + lane);
                            int i = lane;
                            for (; i <= size - S.length(); i += VirtualLanes.COUNT) {
                """.formatted(method.source, method.name, scalar));
        summedBody(result, "");
        loops.append("""
                            }
                            if (i < size) {
                                VectorMask<Float> rest = S.indexInRange(i, size);
                """);
        summedBody(result, ", rest");
        loops.append("""
                            }
                            sum.intoArray(lanes, lanes0 + lane);
                        }
                    }
                """);
    }

    private void summedBody(String result, String mask) {
        line("    FloatVector xLanes = FloatVector.fromArray(S, x, x0 + i" + mask + ");");
        lines.forEach(line -> line("    " + line));
        line("    " + result + ".intoArray(y, y0 + i" + mask + ");");
        line("    sum = sum.add(" + (mask.isEmpty() ? result : "FloatVector.zero(S).blend(" + result + mask + ")")
                + ");");
    }

    private void body(
            List<String> arrays, String target, String result, String i, String mask, String leave, Method method) {
        for (String array : arrays) {
            line("FloatVector " + array + "Lanes = FloatVector.fromArray(S, " + array + ", " + array + "0 + " + i + mask
                    + ");");
        }
        String store = ".intoArray(" + target + ", " + target + "0 + " + i + mask + ");";
        String rare = rareMask == null ? "" : rareIsUnset ? "!" + rareMask + ".allTrue()" : rareMask + ".anyTrue()";
        for (int k = 0; k < lines.size(); k++) {
            if (k == rareAt && rareMask != null && rareValue == null) {
                line("if (" + rare + ") {");
                String count = mask.isEmpty() ? "S.length()" : "size - whole";
                line("    for (int j = 0; j < " + count + "; j++) {");
                String at = "0 + " + i + " + j]";
                String call = String.join(
                                at + ", ",
                                arrays.stream()
                                        .map(array -> array + "[" + array)
                                        .toList())
                        + at;
                line("        " + target + "[" + target + at + " = ScalarTrigonometry." + method.name + "(" + call
                        + ");");
                line("    }");
                line("    " + leave + ";");
                line("}");
            }
            if (rareValue == null || k < rareAt || k >= rareEnd) {
                line(lines.get(k));
            }
        }
        if (rareValue == null) {
            line(result + store);
            return;
        }
        // Stored in each branch: a vector that comes from either would be boxed.
        line("if (" + rare + ") {");
        lines.subList(rareAt, rareEnd).forEach(line -> line("    " + line));
        line("    " + (rareIsUnset ? rareValue.code + ".blend(" + result : result + ".blend(" + rareValue.code) + ", "
                + rareMask + ")" + store);
        line("} else {");
        line("    " + result + store);
        line("}");
    }

    private void line(String line) {
        loops.append("            ").append(line).append('\n');
    }

    /** Writes a method out with the given arguments; returns its result. */
    private Value inline(Method method, Map<String, Value> arguments) {
        List<String> outerTokens = tokens;
        int outerAt = at;
        Map<String, Value> outerLocals = locals;
        tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(method.body);
        while (token.find()) {
            tokens.add(token.group(1));
        }
        at = 0;
        locals = new HashMap<>(arguments);
        depth++;
        Value result = null;
        while (result == null) {
            if (accept("if")) {
                rareCase(method);
            } else if (accept("return")) {
                result = expression();
            } else {
                if (List.of("float", "int", "boolean").contains(tokens.get(at))) {
                    at++;
                }
                String name = tokens.get(at++);
                expect("=");
                locals.put(name, expression());
                expect(";");
            }
        }
        depth--;
        tokens = outerTokens;
        at = outerAt;
        locals = outerLocals;
        return result;
    }

    /** Reads {@code (condition) { return value; }}; a "not" is one of the test, not of the mask. */
    private void rareCase(Method method) {
        expect("(");
        boolean not = accept("!");
        String mask = expression().code;
        expect(")");
        expect("{");
        expect("return");
        if (rareMask == null ? depth > 1 : !rareMask.equals(mask)) {
            throw new IllegalStateException(method.name + ": one rare case at most, and not in what is called");
        }
        rareMask = mask;
        rareIsUnset = not;
        rareAt = lines.size();
        if (method.source.equals("FloatTrigonometry")) {
            while (!accept(";")) {
                at++;
            }
        } else {
            Map<String, Value> before = new HashMap<>(computed);
            rareValue = expression();
            expect(";");
            // What only the rare case computes is not known outside it.
            computed.clear();
            computed.putAll(before);
        }
        rareEnd = lines.size();
        expect("}");
    }

    private boolean accept(String token) {
        boolean found = at < tokens.size() && tokens.get(at).equals(token);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw new IllegalStateException(
                    "expected " + token + " in " + tokens.subList(Math.max(0, at - 5), tokens.size()));
        }
    }

    private Value expression() {
        Value condition = binary(0);
        if (!accept("?")) {
            return condition;
        }
        Value yes = expression();
        expect(":");
        Value no = vector(expression());
        return define(no.type, no.code + ".blend(" + yes.code + ", " + condition.code + ")");
    }

    /** Operators of Java by rising precedence. */
    private static final List<List<String>> OPERATORS = List.of(
            List.of("|"),
            List.of("^"),
            List.of("&"),
            List.of("==", "!="),
            List.of("<", ">", "<=", ">="),
            List.of("<<", ">>", ">>>"),
            List.of("+", "-"),
            List.of("*", "/"));

    private Value binary(int level) {
        if (level == OPERATORS.size()) {
            return unary();
        }
        Value left = binary(level + 1);
        while (OPERATORS.get(level).contains(tokens.get(at))) {
            left = operation(left, tokens.get(at++), binary(level + 1));
        }
        return left;
    }

    private Value operation(Value left, String operator, Value right) {
        if (!left.vector && !right.vector) {
            return new Value(left.type, "(" + left.code + " " + operator + " " + right.code + ")", false);
        }
        switch (operator) {
            case "==", "!=", "<", ">", "<=", ">=":
                String name = Map.of("==", "EQ", "!=", "NE", "<", "LT", ">", "GT", "<=", "LE", ">=", "GE")
                        .get(operator);
                String mask = left.type.equals("float") ? "mask" : "int mask";
                return define(mask, vector(left).code + ".compare(VectorOperators." + name + ", " + right.code + ")");
            case "<<", ">>", ">>>":
                String shift = Map.of("<<", "LSHL", ">>", "ASHR", ">>>", "LSHR").get(operator);
                return define("int", left.code + ".lanewise(VectorOperators." + shift + ", " + right.code + ")");
            case "^":
                return define("int", vector(left).code + ".lanewise(VectorOperators.XOR, " + right.code + ")");
            case "-", "/":
                return define(
                        left.type, vector(left).code + (operator.equals("-") ? ".sub(" : ".div(") + right.code + ")");
            default:
                // These commute: the vector goes first.
                String method =
                        Map.of("+", "add", "*", "mul", "&", "and", "|", "or").get(operator);
                Value first = left.vector ? left : right;
                Value second = left.vector ? right : left;
                return define(first.type, first.code + "." + method + "(" + second.code + ")");
        }
    }

    private Value unary() {
        if (accept("-")) {
            Value value = unary();
            return value.vector
                    ? define(value.type, value.code + ".neg()")
                    : new Value(value.type, "-" + value.code, false);
        }
        if (accept("(")) {
            if (accept("float")) {
                expect(")");
                Value value = unary();
                // A root is taken of floats at once: rounded once more from double it is the same.
                return value.type.equals("float")
                        ? value
                        : define("float", "((FloatVector) " + value.code + ".convert(VectorOperators.I2F, 0))");
            }
            Value value = expression();
            expect(")");
            return value;
        }
        String token = tokens.get(at++);
        if (accept("(")) {
            List<Value> arguments = new ArrayList<>();
            do {
                arguments.add(expression());
            } while (accept(","));
            expect(")");
            return call(token, arguments);
        }
        if (Character.isDigit(token.charAt(0)) || token.startsWith("Float.")) {
            boolean isFloat = token.startsWith("Float.")
                    || token.contains(".")
                    || token.endsWith("f") && !token.startsWith("0x")
                    || token.contains("p");
            return new Value(isFloat ? "float" : "int", token, false);
        }
        Value value = locals.containsKey(token) ? locals.get(token) : constants.get(token);
        if (value == null) {
            throw new IllegalStateException("unknown " + token);
        }
        return value;
    }

    private Value call(String name, List<Value> arguments) {
        Value first = arguments.get(0);
        switch (name) {
            case "Math.fma":
                Value second = arguments.get(1);
                Value third = arguments.get(2);
                Value receiver = first.vector ? first : vector(second);
                Value factor = first.vector ? second : first;
                boolean bothScalar = !factor.vector && !third.vector;
                String rest =
                        bothScalar ? factor.code + ", " + third.code : vector(factor).code + ", " + vector(third).code;
                return define("float", receiver.code + ".fma(" + rest + ")");
            case "Math.abs":
                return define("float", first.code + ".abs()");
            case "Math.sqrt":
                return define("float", first.code + ".sqrt()");
            case "Math.max", "Math.min":
                String extreme = name.substring(name.length() - 3);
                return define(first.type, vector(first).code + "." + extreme + "(" + arguments.get(1).code + ")");
            case "Float.floatToRawIntBits":
                return define("int", first.code + ".reinterpretAsInts()");
            case "Float.intBitsToFloat":
                return define("float", first.code + ".reinterpretAsFloats()");
            default:
                Method method = methods.get(key(name, arguments.size()));
                Map<String, Value> named = new HashMap<>();
                for (int i = 0; i < arguments.size(); i++) {
                    named.put(method.parameters.get(2 * i + 1), arguments.get(i));
                }
                return inline(method, named);
        }
    }

    /** The value as a vector. */
    private Value vector(Value value) {
        if (value.vector) {
            return value;
        }
        boolean isFloat = value.type.equals("float");
        String code = isFloat
                ? "FloatVector.broadcast(S, " + value.code + ")"
                : "IntVector.broadcast(Lanes.INTS, " + value.code + ")";
        return new Value(value.type, code, true);
    }

    /** A variable that holds what some code computes: a new one, unless it has been computed already. */
    private Value define(String type, String code) {
        return computed.computeIfAbsent(code, unused -> {
            String variable = "v" + lines.size();
            String declared = switch (type) {
                case "float" -> "FloatVector";
                case "int" -> "IntVector";
                case "mask" -> "VectorMask<Float>";
                default -> "VectorMask<Integer>";
            };
            lines.add(declared + " " + variable + " = " + code + ";");
            return new Value(type, variable, true);
        });
    }
}
