package io.moha.proxy.tls;

import io.moha.protocol.base.WallClock;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the proxy makes for itself. On an elliptic curve, because that makes a key
 * in a moment and handshakes several times cheaper than RSA.
 */
final class SelfSigned {

    private static final String CERT_FILE = "proxy-cert.pem";
    private static final String KEY_FILE = "proxy-key.pem";
    private static final X500Name NAME = new X500Name("CN=moha proxy auto-generated certificate");
    private static final Duration VALIDITY = Duration.ofDays(3650);
    // Clocks differ.
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final int SERIAL_BITS = 64;

    private SelfSigned() {}

    /** The certificate in {@code directory}, made there when there is none. */
    static SslContextBuilder loadOrMake(@Nullable Path directory) throws IOException {
        if (directory == null) {
            KeyPair pair = newPair();
            return SslContextBuilder.forServer(pair.getPrivate(), certify(pair));
        }
        PemPair files = new PemPair(directory.resolve(CERT_FILE), directory.resolve(KEY_FILE));
        if (!Files.exists(files.cert()) || !Files.exists(files.key())) {
            KeyPair pair = newPair();
            Files.createDirectories(directory);
            PemFiles.write(files.key(), "PRIVATE KEY", pair.getPrivate().getEncoded());
            PemFiles.write(files.cert(), "CERTIFICATE", encoded(certify(pair)));
        }
        return files.serverBuilder();
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has elliptic curves", e);
        }
    }

    private static X509Certificate certify(KeyPair pair) throws IOException {
        Instant now = WallClock.system().now();
        try {
            X509CertificateHolder holder =
                    new JcaX509v3CertificateBuilder(
                                    NAME,
                                    new BigInteger(SERIAL_BITS, new SecureRandom()),
                                    Date.from(now.minus(BACKDATED)),
                                    Date.from(now.plus(VALIDITY)),
                                    NAME,
                                    pair.getPublic())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate()));
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IOException("cannot make a certificate", e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) throws IOException {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write a certificate", e);
        }
    }
}
