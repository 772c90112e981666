package io.moha.it.secure;

import io.moha.it.fixture.WorkDir;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of one test run and what it certifies, as PEM files. */
final class Certificates {

    /**
     * A certificate of 127.0.0.1 and its key.
     *
     * @param cert PEM
     * @param key PEM, PKCS #8, not encrypted
     */
    record Pair(Path cert, Path key) {}

    private static final X500Name AUTHORITY = new X500Name("CN=test authority");
    private static final Duration VALID = Duration.ofDays(2);

    private final WorkDir work;
    private final KeyPair authority = newPair();
    private final Path ca;

    /** Makes an authority whose files lie in {@code work}. */
    Certificates(WorkDir work) {
        this.work = work;
        try {
            X509v3CertificateBuilder own = builder(AUTHORITY, authority);
            own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            ca = work.file("ca.pem", pem(sign(own)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The authority's own certificate. */
    Path ca() {
        return ca;
    }

    /** A new certificate for 127.0.0.1 in the name of {@code name}. */
    Pair issue(String name) {
        try {
            KeyPair pair = newPair();
            X509v3CertificateBuilder builder = builder(new X500Name("CN=" + name), pair);
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
            PKCS8Generator key = new JcaPKCS8Generator(pair.getPrivate(), null);
            return new Pair(
                    work.file(name + ".pem", pem(sign(builder))),
                    work.file(name + ".key", pem(key)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Name name, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                AUTHORITY,
                new BigInteger(64, new SecureRandom()),
                Date.from(now.minus(VALID)),
                Date.from(now.plus(VALID)),
                name,
                pair.getPublic());
    }

    private X509CertificateHolder sign(X509v3CertificateBuilder builder) {
        try {
            return builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
