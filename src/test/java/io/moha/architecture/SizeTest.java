package io.moha.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each file can be read in one sitting. */
class SizeTest {

    private static final int MAX_LINES = 400;
    private static final List<String> MODULES =
            List.of(
                    "protocol/src/main/java",
                    "proxy/src/main/java",
                    "ha-agent/src/main/java",
                    "src/main/java",
                    "src/test/java",
                    "bench/src/main/java");

    @Test
    void noFileHasMoreThanFourHundredLines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        int files = 0;
        for (String module : MODULES) {
            for (Path file : javaFiles(root().resolve(module))) {
                files++;
                int lines = Files.readAllLines(file).size();
                if (lines > MAX_LINES) {
                    tooLong.add(root().relativize(file) + ": " + lines);
                }
            }
        }

        assertThat(files).isGreaterThan(100);
        assertThat(tooLong).isEmpty();
    }

    private static List<Path> javaFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** The repository's root: tests run in the module's directory or in the root itself. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        Path above = here.resolveSibling("");
        return Files.exists(here.resolve("protocol/pom.xml")) ? here : above;
    }
}
