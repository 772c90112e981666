package io.moha.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.agent.config.HttpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Certificates for 127.0.0.1 that sign themselves, made by the JDK's own tool. */
final class Pem {

    private static final String PASSWORD = "changeit";

    private Pem() {}

    /** A new key and its certificate in {@code directory}, which is made. */
    static HttpConfig.Tls make(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectories(directory);
        Path store = directory.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "agent",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=agent",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("keytool.log").toFile())
                        .start();
        assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        Path cert = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(cert, pem("CERTIFICATE", made.getCertificate("agent").getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", made.getKey("agent", PASSWORD.toCharArray()).getEncoded()));
        return new HttpConfig.Tls(cert, key, null);
    }

    private static String pem(String what, byte[] content) {
        String text =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
