package dev.lanewise.bench.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the jar's manifest. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(development build)");
        String java = Runtime.version() + ", " + System.getProperty("java.vm.name");
        return new String[] {"lanewise " + version, "Java " + java};
    }
}
