package dev.lanewise.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** Which libraries are compared: ours, and the peers that are asked for and are there. */
public final class Peers {
    private Peers() {}

    /**
     * Asks the libraries for their versions, each in a process of its own, for two native libraries may define the same
     * names. What is missing is left out with a line that says so.
     *
     * @param kind what a library must be able to do
     * @param request what the user asks for
     * @param screen where lines go
     * @return the versions by the names, ours first
     * @throws IOException if no process can be started
     * @throws RefusedException if the user names a library that there is not
     */
    public static Map<String, String> versions(Class<? extends Library> kind, Request request, Screen screen)
            throws IOException {
        List<String> asked = asked(kind, request.peers());
        if (request.peers() == null && asked.size() == 1) {
            screen.line("no native library is on the class path; they come with bench/peers");
        }
        Map<String, String> versions = new LinkedHashMap<>();
        for (String name : asked) {
            try {
                request.forks().run(Libraries.class, List.of(kind.getName(), name), line -> {
                    versions.put(name, line);
                    return true;
                });
            } catch (RunnerException missing) {
                versions.remove(name);
                screen.line(name + " is left out: " + missing.getMessage());
            }
        }
        return versions;
    }

    private static List<String> asked(Class<? extends Library> kind, List<String> peers) {
        List<? extends Library> known = Libraries.all(kind);
        List<String> asked = new ArrayList<>(List.of(known.getFirst().name()));
        if (peers == null) {
            known.stream().filter(Library::isUsualPeer).map(Library::name).forEach(asked::add);
            return asked;
        }
        List<String> names = known.stream().skip(1).map(Library::name).toList();
        for (String peer : peers) {
            if (!names.contains(peer)) {
                throw new RefusedException("--peers " + peer + ": expected " + String.join(", ", names));
            }
            asked.add(peer);
        }
        return asked;
    }
}
