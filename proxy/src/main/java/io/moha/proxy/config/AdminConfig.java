package io.moha.proxy.config;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Secret;

/**
 * The admin SQL port.
 *
 * @param listen where
 * @param user who may log in
 * @param password with what
 */
public record AdminConfig(HostPort listen, String user, Secret password) {}
