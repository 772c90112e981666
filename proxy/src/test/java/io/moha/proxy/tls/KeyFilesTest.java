package io.moha.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.proxy.config.TlsConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {

    private static final TlsConfig SELF_SIGNED =
            new TlsConfig(null, null, null, TlsConfig.Mode.PREFERRED, TlsConfig.Mode.DISABLED);

    @TempDir private Path directory;

    @Test
    void certificateOfOurOwnIsKept() throws IOException {
        TlsToClients first = TlsToClients.start(SELF_SIGNED, directory, Runnable::run);
        byte[] made = Files.readAllBytes(directory.resolve("proxy-cert.pem"));
        TlsToClients second = TlsToClients.start(SELF_SIGNED, directory, Runnable::run);

        assertThat(first.offered()).isTrue();
        assertThat(second.offered()).isTrue();
        assertThat(Files.readAllBytes(directory.resolve("proxy-cert.pem"))).isEqualTo(made);
        assertThat(Files.getPosixFilePermissions(directory.resolve("proxy-key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        first.close();
        second.close();
    }

    @Test
    void configuredCertificateIsReadAtOnce() throws IOException {
        TlsToClients.start(SELF_SIGNED, directory, Runnable::run).close();
        TlsConfig configured = configured("proxy-cert.pem");

        try (TlsToClients tls = TlsToClients.start(configured, null, _ -> {})) {
            assertThat(tls.offered()).isTrue();
        }
        assertThatThrownBy(() -> TlsToClients.start(configured("missing.pem"), null, _ -> {}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void configuredCertificateIsReadAgainAndAWrongOneIsNotTaken() throws IOException {
        TlsToClients.start(SELF_SIGNED, directory, Runnable::run).close();
        try (TlsToClients tls =
                TlsToClients.start(configured("proxy-cert.pem"), null, Runnable::run)) {
            List<SslContext> contexts = new ArrayList<>();
            tls.whenReady(ImmediateEventExecutor.INSTANCE, contexts::add, _ -> {});

            assertThat(tls.reload(Runnable::run)).endsWith("proxy-cert.pem was read");
            tls.whenReady(ImmediateEventExecutor.INSTANCE, contexts::add, _ -> {});
            Files.writeString(directory.resolve("proxy-cert.pem"), "no certificate");
            assertThatThrownBy(() -> tls.reload(Runnable::run)).isInstanceOf(IOException.class);
            tls.whenReady(ImmediateEventExecutor.INSTANCE, contexts::add, _ -> {});

            assertThat(contexts).hasSize(3);
            assertThat(contexts.get(1)).isNotSameAs(contexts.get(0)).isSameAs(contexts.get(2));
        }
    }

    @Test
    void passwordKeyIsKept() {
        assertThat(publicKey()).isEqualTo(publicKey()).startsWith("-----BEGIN PUBLIC KEY-----");
    }

    @Test
    void failureToMakeACertificateTurnsTlsOff() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        TlsToClients tls = TlsToClients.start(SELF_SIGNED, file, Runnable::run);

        assertThat(tls.offered()).isFalse();
    }

    private TlsConfig configured(String certificate) {
        return new TlsConfig(
                directory.resolve(certificate),
                directory.resolve("proxy-key.pem"),
                null,
                TlsConfig.Mode.REQUIRED,
                TlsConfig.Mode.DISABLED);
    }

    private String publicKey() {
        List<String> keys = new ArrayList<>();
        PasswordKeys.start(directory, Runnable::run)
                .whenReady(
                        ImmediateEventExecutor.INSTANCE,
                        pair -> keys.add(pair.publicPem().text(US_ASCII)),
                        cause -> {
                            throw new AssertionError(cause);
                        });
        return keys.getFirst();
    }
}
