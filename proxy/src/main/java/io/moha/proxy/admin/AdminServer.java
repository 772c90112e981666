package io.moha.proxy.admin;

import io.moha.protocol.config.Secret;
import io.moha.protocol.wire.PacketFrameDecoder;
import io.moha.protocol.wire.PacketSequence;
import io.moha.proxy.backend.LoginLink;
import io.moha.proxy.config.ProxyConfig;
import io.moha.proxy.metrics.ProxyMetrics;
import io.moha.proxy.routing.ServerLoad;
import io.moha.proxy.tls.TlsToClients;
import io.moha.proxy.topology.TopologyWatcher;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.util.concurrent.atomic.AtomicInteger;

/** The admin SQL server: sets up each connection of an operator. */
@Sharable
public final class AdminServer extends ChannelInitializer<Channel> {

    /** What is announced until a server's version is known. */
    static final String VERSION_WHEN_UNKNOWN = "8.0.33";

    // Statements are short; nobody loads data here.
    private static final int MAX_PAYLOAD = 1 << 20;

    private final ProxyConfig config;
    private final TopologyWatcher topology;
    private final TlsToClients tls;
    private final AdminCommands commands;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * What operators see and change.
     *
     * @param topology the cluster
     * @param proxy this proxy
     * @param metrics its counters
     * @param load its connections to servers
     */
    public record Subjects(
            TopologyWatcher topology, ProxyControl proxy, ProxyMetrics metrics, ServerLoad load) {}

    /**
     * @param config whose admin section names the one account
     * @param tls offered to operators as to clients
     */
    public AdminServer(ProxyConfig config, Subjects subjects, TlsToClients tls) {
        this.config = config;
        this.topology = subjects.topology();
        this.tls = tls;
        this.commands =
                new AdminCommands(
                        config,
                        subjects.topology(),
                        subjects.proxy(),
                        subjects.metrics(),
                        subjects.load());
    }

    @Override
    protected void initChannel(Channel channel) {
        PacketSequence sequence = new PacketSequence();
        PacketFrameDecoder decoder = newDecoder(sequence);
        LoginLink link = new LoginLink(channel, sequence);
        int id = connections.incrementAndGet();
        channel.pipeline().addLast(decoder, new AdminLogin(this, link, decoder, sequence, id));
    }

    static PacketFrameDecoder newDecoder(PacketSequence sequence) {
        return new PacketFrameDecoder(MAX_PAYLOAD, sequence);
    }

    String user() {
        return config.admin().user();
    }

    Secret password() {
        return config.admin().password();
    }

    TlsToClients tls() {
        return tls;
    }

    AdminCommands commands() {
        return commands;
    }

    String version() {
        String version = topology.current().serverVersion();
        return version == null ? VERSION_WHEN_UNKNOWN : version;
    }
}
