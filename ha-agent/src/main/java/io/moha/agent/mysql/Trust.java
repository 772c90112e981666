package io.moha.agent.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import java.util.UUID;

/**
 * Makes Connector/J trust a PEM file. It reads only key stores, from a URL, so the certificates are
 * put into one of this process's own.
 */
final class Trust {

    private Trust() {}

    /** Sets the TLS properties of a connection. */
    static void apply(ServerAccess.Tls tls, Properties properties) {
        Path ca = tls.ca();
        if (ca == null) {
            properties.setProperty("sslMode", tls.required() ? "REQUIRED" : "PREFERRED");
            return;
        }
        String password = UUID.randomUUID().toString();
        properties.setProperty("sslMode", "VERIFY_CA");
        properties.setProperty("fallbackToSystemTrustStore", "false");
        properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
        properties.setProperty("trustCertificateKeyStorePassword", password);
        properties.setProperty(
                "trustCertificateKeyStoreUrl", store(ca, password).toUri().toString());
    }

    private static Path store(Path ca, String password) {
        try (InputStream pem = Files.newInputStream(ca)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca" + count++, certificate);
            }
            Path file = Files.createTempFile("moha-trust", ".p12");
            file.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, password.toCharArray());
            }
            return file;
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalArgumentException("cannot use the certificates in " + ca, failure);
        }
    }
}
