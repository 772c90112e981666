package io.moha.agent.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A real etcd of one member on a free port, ended with the test. */
public final class LocalEtcd implements AutoCloseable {

    private final Path directory;
    private final int clientPort;
    private final int peerPort;
    private Process process;

    /** Starts one whose data is in {@code directory}. */
    public LocalEtcd(Path directory) throws IOException {
        this.directory = directory;
        this.clientPort = freePort();
        this.peerPort = freePort();
        this.process = launch();
    }

    private Process launch() throws IOException {
        String client = "http://127.0.0.1:" + clientPort;
        String peer = "http://127.0.0.1:" + peerPort;
        return new ProcessBuilder(
                        "etcd",
                        "--name=only",
                        "--data-dir=" + directory,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=only=" + peer,
                        "--log-level=error")
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
    }

    /** Where clients reach it. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + clientPort);
    }

    /** Kills it; its data stays. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it hang: it keeps its connections and answers nothing. */
    void pause() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
        // The signal takes each thread when that runs next, and until then the thread may answer.
        while (!allStopped()) {
            Thread.onSpinWait();
        }
    }

    private boolean allStopped() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (!stat.substring(stat.lastIndexOf(')') + 2).startsWith("T")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Starts it again on the same data and port. */
    public void restart() throws IOException {
        process = launch();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
