package io.moha.agent.act;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * How an agent makes sure that it speaks to another one: by a certificate for the peer's name or
 * address that an authority in a file signed. A promise from anybody else would be worth nothing.
 */
public final class PeerTrust {

    private final SSLContext context;

    private PeerTrust(SSLContext context) {
        this.context = context;
    }

    /**
     * Trusts the certificates in {@code authorities}, a PEM file.
     *
     * @throws IOException when there is none that can be used
     */
    public static PeerTrust of(Path authorities) throws IOException {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("peer" + number++, each);
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return new PeerTrust(context);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + authorities + ": " + e.getMessage(), e);
        }
    }

    /** TLS over {@code plain}, which is connected to {@code host:port} and closed along with it. */
    Socket over(Socket plain, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
