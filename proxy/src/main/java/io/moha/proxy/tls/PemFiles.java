package io.moha.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** PEM files that nobody but their owner can read. */
final class PemFiles {

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int LINE = 64;

    private PemFiles() {}

    /** Writes {@code content} under {@code label}; the file appears whole or not at all. */
    static void write(Path file, String label, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
        String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, ".pem", null, OWNER_ONLY);
        Files.writeString(temporary, text, US_ASCII);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads a private key, in PKCS#8 or in the older form that MySQL 8.0 writes. */
    static PrivateKey readPrivateKey(Path file) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(Files.newBufferedReader(file, US_ASCII))) {
            return switch (parser.readObject()) {
                case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
                case PrivateKeyInfo key -> converter.getPrivateKey(key);
                case null, default -> throw new IOException(file + " holds no private key");
            };
        }
    }
}
