package io.moha.proxy.topology;

import io.moha.protocol.config.HostPort;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns {@code host:port} into socket addresses and remembers them, so that a name is looked up
 * once and a change of primary does not wait for DNS. Confined to one thread, which a slow DNS
 * blocks the first time a name is met.
 */
final class AddressBook {

    private static final Logger LOGGER = LoggerFactory.getLogger(AddressBook.class);
    private static final int MAX_ADDRESSES = 1000;
    private static final HostPort NOWHERE = new HostPort("unusable.invalid", 0);

    private final Map<String, InetSocketAddress> known = new HashMap<>();

    /** The address; unresolved, to be tried again later, when there is no such name. */
    InetSocketAddress resolve(String text) {
        InetSocketAddress found = known.get(text);
        if (found != null) {
            return found;
        }
        InetSocketAddress address = parse(text).resolved();
        if (!address.isUnresolved()) {
            if (known.size() >= MAX_ADDRESSES) {
                known.clear();
            }
            known.put(text, address);
        }
        return address;
    }

    private static HostPort parse(String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            LOGGER.atWarn().addKeyValue("address", text).log("a record holds no usable address");
            return NOWHERE;
        }
    }
}
