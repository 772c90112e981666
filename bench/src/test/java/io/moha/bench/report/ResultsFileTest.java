package io.moha.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

    @TempDir private Path directory = Path.of(".");

    @Test
    void replacesOnlyTheSectionOfThatName() throws IOException {
        Path file = directory.resolve("RESULTS.md");
        ResultsFile results = new ResultsFile(file);
        results.write("one", "first of $1");
        results.write("two", "other");

        results.write("one", "second of $1");

        assertThat(Files.readString(file))
                .startsWith("# Results")
                .contains("<!-- begin one -->\nsecond of $1\n<!-- end one -->")
                .contains("<!-- begin two -->\nother\n<!-- end two -->")
                .doesNotContain("first");
    }
}
