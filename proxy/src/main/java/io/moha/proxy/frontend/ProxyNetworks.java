package io.moha.proxy.frontend;

import io.netty.channel.Channel;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The networks of the load balancers that say by a PROXY protocol header for whom they connect.
 * From there the header must come; from elsewhere it must not, because it lets anybody be anywhere.
 */
public final class ProxyNetworks {

    /** No load balancers. */
    public static final ProxyNetworks NONE = new ProxyNetworks(List.of());

    private final List<IpSubnetFilterRule> rules;

    private ProxyNetworks(List<IpSubnetFilterRule> rules) {
        this.rules = rules;
    }

    /**
     * Reads networks as {@code 10.0.0.0/8}; an address alone is a network of its own.
     *
     * @throws IllegalArgumentException when one is no network
     */
    public static ProxyNetworks of(List<String> networks) {
        return networks.isEmpty()
                ? NONE
                : new ProxyNetworks(networks.stream().map(ProxyNetworks::rule).toList());
    }

    private static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        String address = slash < 0 ? network : network.substring(0, slash);
        int bits = address.indexOf(':') < 0 ? Integer.SIZE : 4 * Integer.SIZE;
        try {
            int prefix = slash < 0 ? bits : Integer.parseInt(network.substring(slash + 1));
            return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no network: " + network, e);
        }
    }

    /** Whether {@code channel} comes from one of them. */
    boolean contain(Channel channel) {
        return !rules.isEmpty()
                && channel.remoteAddress() instanceof InetSocketAddress remote
                && rules.stream().anyMatch(rule -> rule.matches(remote));
    }
}
