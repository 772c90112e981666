package io.moha.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How to start another process of this very program. */
public final class Program {

    private Program() {}

    /** The command that runs {@code moha words…}; by exec, so that its pid is the JVM's. */
    public static List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        String launcher = System.getProperty("moha.launcher");
        if (launcher != null) {
            command.add(launcher);
        } else {
            command.addAll(
                    List.of(
                            Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path", ""),
                            "io.moha.Moha"));
        }
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** What the command needs in its environment: the same JVM, and no look at the sources. */
    public static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home", ""), "MOHA_BUILT", "1");
    }
}
