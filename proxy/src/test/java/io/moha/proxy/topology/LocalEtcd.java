package io.moha.proxy.topology;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import io.moha.protocol.cluster.MalformedRecordException;
import io.moha.protocol.cluster.RecordText;
import io.moha.protocol.config.EtcdConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One real etcd on loopback, with its data in a directory of the test. */
final class LocalEtcd implements AutoCloseable {

    private static final String BINARY = "/usr/bin/etcd";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private final int clientPort;
    private final int peerPort;
    // A client of its own for each life of the server: an old one may fail on its dead channel.
    private Client client;
    private @Nullable Process process;

    LocalEtcd(Path directory) throws IOException {
        this.directory = directory;
        this.clientPort = freePort();
        this.peerPort = freePort();
        this.client = Client.builder().endpoints(uri()).build();
    }

    static boolean isInstalled() {
        return Path.of(BINARY).toFile().canExecute();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + clientPort);
    }

    EtcdConfig config() {
        return new EtcdConfig(List.of(uri()), null, null, null, "/moha");
    }

    /** Starts it with the data in {@code data}, a name under the directory. */
    void start(String data) throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        process =
                new ProcessBuilder(
                                BINARY,
                                "--data-dir=" + directory.resolve(data),
                                "--listen-client-urls=" + uri(),
                                "--advertise-client-urls=" + uri(),
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("etcd.log").toFile())
                        .start();
    }

    /** Kills it and waits until it is dead. */
    void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        client.close();
        client = Client.builder().endpoints(uri()).build();
    }

    void put(String key, Record value) throws Exception {
        client.getKVClient()
                .put(bytes(key), ByteSequence.from(RecordText.encode(value)))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void delete(String key) throws Exception {
        client.getKVClient().delete(bytes(key)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    <R extends Record> @Nullable R get(String key, Class<R> type) throws Exception {
        var found =
                client.getKVClient()
                        .get(bytes(key), GetOption.DEFAULT)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .getKvs();
        return found.isEmpty() ? null : decode(found.getFirst().getValue().getBytes(), type);
    }

    /** Ends the lease that {@code key} is under. */
    void revokeLeaseOf(String key) throws Exception {
        long lease =
                client.getKVClient()
                        .get(bytes(key))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .getKvs()
                        .getFirst()
                        .getLease();
        client.getLeaseClient().revoke(lease).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static <R extends Record> R decode(byte[] json, Class<R> type)
            throws MalformedRecordException {
        return RecordText.decode(json, type);
    }

    private static ByteSequence bytes(String text) {
        return EtcdLink.bytes(text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
        client.close();
    }
}
