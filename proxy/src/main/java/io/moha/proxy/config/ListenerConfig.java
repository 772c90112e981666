package io.moha.proxy.config;

import io.moha.protocol.config.HostPort;
import io.moha.protocol.config.Section;
import io.moha.proxy.routing.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One MySQL port for clients.
 *
 * @param name for example {@code rw}; unique
 * @param listen where
 * @param route where its sessions go
 */
public record ListenerConfig(String name, HostPort listen, Route route) {

    static List<ListenerConfig> bind(Section root) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.sections("listeners")) {
            ListenerConfig listener =
                    new ListenerConfig(
                            section.string("name"),
                            section.hostPort("listen"),
                            section.choice("route", Route.class, Route.PRIMARY));
            if (listener.route() == Route.SPLIT) {
                section.warning(
                        "route",
                        "this version does not send reads to replicas by itself: everything on"
                                + " this listener goes to the primary");
            }
            section.require(
                    names.add(listener.name()), "name", "another listener has the same name");
            listeners.add(listener);
        }
        root.require(!listeners.isEmpty(), "listeners", "at least one listener is required");
        return listeners;
    }
}
