package io.moha.proxy.backend;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.moha.proxy.routing.Backend;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Lets one login of an account go ahead and the account's others follow when it is done. A server
 * that has never seen an account, as after a failover, checks its first login with thousands of
 * rounds of hashing and all later ones with two; without this, all sessions of an account that move
 * at once would each pay for the first.
 *
 * <p>Also keeps a password that was just rejected from being tried by everybody else who waits with
 * it, because servers lock accounts for that. Thread-safe.
 */
public final class WarmingConnector implements BackendConnector {

    private static final int MAX_ACCOUNTS = 10_000;
    // A server forgets by FLUSH PRIVILEGES or a restart, of which nobody tells.
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    // An account that requires TLS rejects the same password without it.
    private record Key(String user, InetSocketAddress server, long epoch, boolean tls) {}

    private final BackendConnector connector;
    private final Cache<Key, Account> accounts =
            Caffeine.newBuilder().maximumSize(MAX_ACCOUNTS).expireAfterWrite(REMEMBERED).build();

    /**
     * @param connector does the work
     */
    public WarmingConnector(BackendConnector connector) {
        this.connector = connector;
    }

    @Override
    public Attempt connect(
            EventLoop loop,
            Backend target,
            BackendLoginRequest request,
            BackendLoginListener listener) {
        if (!(request.auth() instanceof BackendAuth.Password(Credentials credentials))
                || credentials.isEmpty()) {
            return connector.connect(loop, target, request, listener);
        }
        Account account =
                accounts.get(
                        new Key(
                                request.user(),
                                target.address(),
                                target.epoch(),
                                request.clientTls()),
                        _ -> new Account());
        if (account.isWarm()) {
            return connector.connect(loop, target, request, listener);
        }
        QueuedLogin login =
                new QueuedLogin(
                        loop,
                        credentials,
                        own -> connector.connect(loop, target, request, own),
                        listener,
                        account);
        account.enter(login);
        return login::abandon;
    }
}
