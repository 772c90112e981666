package io.moha.bench.load;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the measured JVMs are started: all of them with the Java, the class path and the flags of one
 * run.
 *
 * @param flags the flags, in the order given
 */
record Jvm(List<String> flags) {

    /** Copies the flags. */
    Jvm {
        flags = List.copyOf(flags);
    }

    /** The flags of {@code text}, separated by blanks. */
    static Jvm withFlags(String text) {
        return new Jvm(Arrays.stream(text.split(" ", -1)).filter(flag -> !flag.isBlank()).toList());
    }

    /** The same with more flags, which win over earlier ones. */
    Jvm and(List<String> moreFlags) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(moreFlags);
        return new Jvm(all);
    }

    /** The command that runs {@code mainClass} with {@code arguments}. */
    List<String> command(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath());
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    /** This JVM's class path with absolute entries, because processes start elsewhere. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
