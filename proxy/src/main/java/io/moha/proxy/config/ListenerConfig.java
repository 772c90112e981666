package io.moha.proxy.config;

import io.moha.protocol.config.HostPort;
import io.moha.proxy.routing.Route;

/**
 * One MySQL port for clients.
 *
 * @param name for example {@code rw}; unique
 * @param listen where
 * @param route where its sessions go
 */
public record ListenerConfig(String name, HostPort listen, Route route) {}
