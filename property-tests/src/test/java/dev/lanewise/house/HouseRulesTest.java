package dev.lanewise.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.lanewise.runtime.Lanes;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of the house, as docs/architecture.md tells them. */
class HouseRulesTest {
    private static final String TENSOR = "dev.lanewise.tensor..";
    private static final String RUNTIME = "dev.lanewise.runtime..";
    private static final String KERNELS = "dev.lanewise.kernels..";
    private static final String MICRO = "dev.lanewise.kernels.micro..";
    private static final String REFERENCE = "dev.lanewise.reference..";
    private static final String NN = "dev.lanewise.nn..";
    private static final String VECTORS = "jdk.incubator.vector..";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(
                    "dev.lanewise.tensor",
                    "dev.lanewise.runtime",
                    "dev.lanewise.kernels",
                    "dev.lanewise.reference",
                    "dev.lanewise.nn");

    /** Classes that break the rules on purpose. */
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("dev.lanewise.house.broken");

    private static final DescribedPredicate<JavaFieldAccess> ACCESS_TO_A_SPECIES = DescribedPredicate.describe(
            "a species", access -> access.getTarget().getName().startsWith("SPECIES_"));

    private static ArchRule mayUse(String room, String... others) {
        return classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule never(String room, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    /** Checks a rule, and that a class which breaks it is noticed. */
    private static void check(ArchRule rule) {
        rule.check(HOUSE);
    }

    @Test
    void theHouseIsRead() {
        for (String name : new String[] {"tensor.Tensor", "kernels.micro.Tiles", "nn.train.Trainer"}) {
            assertTrue(HOUSE.contain("dev.lanewise." + name), name);
        }
    }

    @Test
    void roomsKnowOnlyThoseBelow() {
        check(mayUse(TENSOR, "java..", TENSOR));
        check(mayUse(RUNTIME, "java..", "javax..", "com.sun.management..", VECTORS, TENSOR, RUNTIME));
        check(mayUse(KERNELS, "java..", VECTORS, TENSOR, RUNTIME, KERNELS));
        check(mayUse(REFERENCE, "java..", REFERENCE, "dev.lanewise.kernels"));
        check(mayUse(NN, "java..", "com.google.gson..", TENSOR, RUNTIME, "dev.lanewise.kernels", NN));
        check(never("dev.lanewise.nn", "dev.lanewise.nn.*.."));
        check(never("dev.lanewise.nn.optim..", "dev.lanewise.nn.layers..", "dev.lanewise.nn.train.."));
        check(never(REFERENCE, VECTORS));
    }

    @Test
    void aLoopKnowsNothingOfThreads() {
        check(noClasses()
                .that()
                .resideInAPackage(MICRO)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.lanewise.runtime.Parallelism"));
        check(mayUse(MICRO, "java..", VECTORS, MICRO, RUNTIME));
    }

    @Test
    void onlyLanesNamesASpecies() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Lanes.class.getName())
                .should()
                .accessFieldWhere(ACCESS_TO_A_SPECIES));
        JavaClass lanes = HOUSE.get(Lanes.class);
        assertTrue(lanes.getFieldAccessesFromSelf().stream().anyMatch(ACCESS_TO_A_SPECIES), "species are not seen");
    }

    @Test
    void nothingIsHiddenInStatics() {
        check(fields().that().areStatic().should().beFinal());
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
    }

    /** Whether a class works with threads, as every kernel does; others hold what kernels read. */
    private static boolean computes(JavaClass each) {
        return each.getMethods().stream()
                .flatMap(method -> method.getRawParameterTypes().stream())
                .anyMatch(type -> type.getSimpleName().equals("Parallelism"));
    }

    @Test
    void everyKernelHasAScalarTwin() {
        Set<String> kernels = new TreeSet<>();
        for (JavaClass each : HOUSE) {
            boolean kernel = each.getPackageName().equals("dev.lanewise.kernels")
                    && each.getModifiers().contains(JavaModifier.PUBLIC)
                    && !each.isRecord()
                    && !each.isEnum()
                    && each.isTopLevelClass()
                    && computes(each);
            if (kernel) {
                kernels.add(each.getSimpleName());
            }
        }
        assertTrue(kernels.size() >= 10, kernels::toString);
        Set<String> twins = HOUSE.stream()
                .filter(each -> each.getPackageName().equals("dev.lanewise.reference"))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        for (String kernel : kernels) {
            assertTrue(twins.contains(kernel + "Reference"), kernel + " has no scalar twin");
        }
    }

    @Test
    void modulesExportWhatTheyPromise() {
        ModuleDescriptor kernels = Modules.descriptor("dev.lanewise.kernels");
        assertEquals(
                Set.of("dev.lanewise.kernels", "dev.lanewise.reference", "dev.lanewise.runtime", "dev.lanewise.tensor"),
                kernels.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
        assertTrue(
                kernels.requires().stream()
                        .allMatch(each ->
                                each.name().startsWith("java.") || each.name().startsWith("jdk.")),
                kernels::toString);
        assertEquals(
                Set.of("java.base", "dev.lanewise.kernels", "com.google.gson"),
                Modules.descriptor("dev.lanewise.nn").requires().stream()
                        .map(ModuleDescriptor.Requires::name)
                        .collect(Collectors.toSet()));
    }

    @Test
    void brokenRulesAreNoticed() {
        String broken = "dev.lanewise.house.broken..";
        assertThrows(AssertionError.class, () -> mayUse(broken, "java..").check(BROKEN));
        assertThrows(AssertionError.class, () -> never(broken, VECTORS).check(BROKEN));
        assertThrows(
                AssertionError.class,
                () -> noClasses().should().accessFieldWhere(ACCESS_TO_A_SPECIES).check(BROKEN));
        assertThrows(
                AssertionError.class,
                () -> fields().that().areStatic().should().beFinal().check(BROKEN));
        assertThrows(
                AssertionError.class,
                () -> noClasses()
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(ThreadLocal.class)
                        .check(BROKEN));
    }
}
