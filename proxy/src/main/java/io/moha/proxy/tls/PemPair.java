package io.moha.proxy.tls;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate chain and its key, in two PEM files.
 *
 * @param cert the chain, the server's own certificate first
 * @param key PKCS#8, not encrypted
 */
record PemPair(Path cert, Path key) {

    /** Begins a TLS context with them. */
    SslContextBuilder serverBuilder() throws IOException {
        for (Path file : new Path[] {cert, key}) {
            if (!Files.isReadable(file)) {
                throw new IOException("cannot read " + file);
            }
        }
        try {
            return SslContextBuilder.forServer(cert.toFile(), key.toFile());
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot use certificate " + cert + " with key " + key, e);
        }
    }
}
