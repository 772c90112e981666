package io.moha.it.secure;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.moha.it.fixture.Ports;
import io.moha.it.fixture.ServerProcess;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.EtcdHome;
import io.moha.provision.ProvisionException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One etcd that asks every client for a certificate and a password, and lets the user {@code moha}
 * see and change what lies under {@code /moha/} alone.
 */
final class SecuredEtcd implements AutoCloseable {

    private static final String PASSWORD = "store-secret";
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final ServerProcess process;
    private final String section;

    /** Starts it with its data in {@code work}. */
    SecuredEtcd(WorkDir work, Certificates certificates) throws Exception {
        int port = Ports.block(2);
        String url = "https://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + (port + 1);
        Certificates.Pair own = certificates.issue("etcd");
        Path directory = work.dir("etcd");
        process =
                ServerProcess.start(
                        "etcd",
                        directory.resolve("etcd.log"),
                        List.of(
                                program().toString(),
                                "--name=e1",
                                "--data-dir=" + directory.resolve("data"),
                                "--listen-client-urls=" + url,
                                "--advertise-client-urls=" + url,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=e1=" + peer,
                                "--cert-file=" + own.cert(),
                                "--key-file=" + own.key(),
                                "--client-cert-auth",
                                "--trusted-ca-file=" + certificates.ca()));
        process.awaitReady(BOUND, () -> accepts(port));
        Certificates.Pair client = certificates.issue("etcd-client");
        secure(url, certificates.ca(), client);
        section =
                """
                etcd:
                  endpoints: ["%s"]
                  username: moha
                  passwordFile: %s
                  tls: {ca: %s, cert: %s, key: %s}
                """
                        .formatted(
                                url,
                                work.file("store.pw", PASSWORD + "\n"),
                                certificates.ca(),
                                client.cert(),
                                client.key());
    }

    private static Path program() throws ProvisionException {
        return EtcdHome.provide().etcd();
    }

    private static boolean accepts(int port) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private static void secure(String url, Path ca, Certificates.Pair pair) throws Exception {
        try (Client client =
                Client.builder()
                        .endpoints(url)
                        .sslContext(
                                context ->
                                        context.trustManager(ca.toFile())
                                                .keyManager(
                                                        pair.cert().toFile(), pair.key().toFile()))
                        .build()) {
            Auth auth = client.getAuthClient();
            done(auth.userAdd(bytes("root"), bytes("of-the-test")));
            done(auth.userGrantRole(bytes("root"), bytes("root")));
            done(auth.roleAdd(bytes("moha")));
            done(
                    auth.roleGrantPermission(
                            bytes("moha"),
                            bytes("/moha/"),
                            bytes("/moha0"),
                            Permission.Type.READWRITE));
            done(auth.userAdd(bytes("moha"), bytes(PASSWORD)));
            done(auth.userGrantRole(bytes("moha"), bytes("moha")));
            done(auth.authEnable());
        }
    }

    private static void done(CompletableFuture<?> call) throws Exception {
        call.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** The {@code etcd} section of a configuration file. */
    String section() {
        return section;
    }

    @Override
    public void close() {
        process.close();
    }
}
