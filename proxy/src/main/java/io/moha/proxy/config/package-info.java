/** The proxy's configuration: {@code ProxyConfig} and one record a section of its YAML file. */
@NullMarked
package io.moha.proxy.config;

import org.jspecify.annotations.NullMarked;
