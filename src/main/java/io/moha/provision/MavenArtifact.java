package io.moha.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One artifact, fetched by Maven: from its local repository when it is there, else from wherever
 * this user's Maven gets its artifacts, with the registry's checksum enforced.
 *
 * @param progress is told of the download
 */
record MavenArtifact(Progress progress) {

    private static final String GOAL =
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy";
    private static final Duration LIMIT = Duration.ofMinutes(60);

    /**
     * Fetches {@code coordinates} (group:artifact:version:type:classifier) into {@code directory}.
     */
    Path fetch(String coordinates, Path directory) throws IOException, ProvisionException {
        Path maven = HostCommand.onPath("mvn");
        if (maven == null) {
            throw new ProvisionException(
                    "Maven (mvn) is needed to fetch "
                            + coordinates
                            + "; install it, for example"
                            + " with: apt-get install maven");
        }
        Files.createDirectories(directory);
        String[] parts = coordinates.split(":", -1);
        String file = parts[1] + "-" + parts[2] + "-" + parts[4] + "." + parts[3];
        Path local =
                Path.of(System.getProperty("user.home", "."), ".m2", "repository")
                        .resolve(parts[0].replace('.', '/'))
                        .resolve(parts[1])
                        .resolve(parts[2]);
        HostCommand.Result result =
                new HostCommand(
                                List.of(
                                        maven.toString(),
                                        "-B",
                                        "-q",
                                        "-C",
                                        GOAL,
                                        "-Dartifact=" + coordinates,
                                        "-DoutputDirectory=" + directory),
                                Map.of("JAVA_HOME", System.getProperty("java.home", "")),
                                directory,
                                LIMIT)
                        .run(() -> progress.download(file, FileTree.size(List.of(local)), 0));
        Path fetched = directory.resolve(file);
        if (!result.ok() || !Files.exists(fetched)) {
            throw new ProvisionException(
                    "Maven could not fetch " + coordinates + ": " + result.lastLine());
        }
        return fetched;
    }
}
