package io.moha.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Keeps the logs of a cluster whose test failed, in {@code target/evidence}. */
final class Evidence {

    private Evidence() {}

    /** Copies every log of {@code cluster} into a folder named after {@code test}. */
    static void keep(FaultCluster cluster, String test) {
        Path folder = Path.of("target", "evidence", test.replaceAll("[^A-Za-z0-9]+", "-"));
        Path from = cluster.work().path();
        try (Stream<Path> files = Files.walk(from)) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log"))
                            .filter(file -> !file.toString().contains("/data/"))
                            .toList();
            for (Path log : logs) {
                Path to = folder.resolve(from.relativize(log).toString().replace('/', '_'));
                Files.createDirectories(folder);
                Files.copy(log, to, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(folder.resolve("status.txt"), cluster.view().described());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
