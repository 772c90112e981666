package io.moha.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the running program, from its jar. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "moha " + text() + " (Java " + Runtime.version() + ")",
        };
    }

    /** For example 0.1.0-SNAPSHOT; "development" when run from class files. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
