package io.moha.it.container;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** One container with a server of the cluster. Killed and removed on close. */
public final class Box implements AutoCloseable {

    private static final int SHOWN = 3_000;

    private final GenericContainer<?> container;

    Box(String image, List<String> command, Path shared) {
        container = new GenericContainer<>(DockerImageName.parse(image));
        container
                .withNetworkMode("host")
                .withCommand(command.toArray(String[]::new))
                .withFileSystemBind(shared.toString(), shared.toString(), BindMode.READ_WRITE)
                .withCreateContainerCmdModifier(
                        create -> {
                            // An init process reaps what a killed guard leaves.
                            Objects.requireNonNull(create.getHostConfig()).withInit(true);
                            create.withUser(owner(shared));
                            create.withEntrypoint();
                        });
        for (Path root : classPathRoots()) {
            container.withFileSystemBind(root.toString(), root.toString(), BindMode.READ_ONLY);
        }
    }

    /** Files that a container makes belong to whoever runs the test, and can be deleted by him. */
    private static String owner(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid")
                    + ":"
                    + Files.getAttribute(path, "unix:gid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Directories that hold all of the product's classes and libraries. */
    private static Set<Path> classPathRoots() {
        Path project = Path.of("").toAbsolutePath().getParent();
        Set<Path> roots = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            roots.add(path.startsWith(project) ? project : path.getParent());
        }
        return roots;
    }

    void start() {
        container.start();
    }

    /** Kills every process in it at once. It can be started again. */
    public void kill() {
        DockerClientFactory.lazyClient().killContainerCmd(container.getContainerId()).exec();
    }

    /** Starts it again, with the files it had. */
    public void startAgain() {
        DockerClientFactory.lazyClient().startContainerCmd(container.getContainerId()).exec();
    }

    String tail() {
        String all = container.getContainerId() == null ? "never started" : container.getLogs();
        return all.substring(Math.max(0, all.length() - SHOWN));
    }

    @Override
    public void close() {
        container.stop();
    }
}
