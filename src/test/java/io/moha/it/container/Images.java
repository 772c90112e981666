package io.moha.it.container;

import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.DockerClientFactory;

/**
 * Which images the containers are made from. The default for all is what {@code
 * src/test/docker/make-image} makes.
 *
 * @param etcd with {@code etcd} on its PATH
 * @param node with {@code mysqld}, {@code java} (25 or newer), {@code bash} and {@code setpriv}
 * @param proxy with {@code java}
 */
public record Images(String etcd, String node, String proxy) {

    private static final String MADE_HERE = "moha-it:local";

    /** Those that {@code -Dmoha.it.image.etcd}, {@code .node} and {@code .proxy} name. */
    public static Images configured() {
        return new Images(named("etcd"), named("node"), named("proxy"));
    }

    private static String named(String role) {
        return System.getProperty("moha.it.image." + role, MADE_HERE);
    }

    /** Why no containers can be started here; empty when they can. */
    public String obstacle() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return "no Docker engine answers";
        }
        if (etcd.equals(MADE_HERE) || node.equals(MADE_HERE) || proxy.equals(MADE_HERE)) {
            try {
                DockerClientFactory.lazyClient().inspectImageCmd(MADE_HERE).exec();
            } catch (NotFoundException e) {
                return "there is no image " + MADE_HERE + "; src/test/docker/make-image makes it";
            }
        }
        return "";
    }
}
