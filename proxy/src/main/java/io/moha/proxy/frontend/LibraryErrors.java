package io.moha.proxy.frontend;

import io.moha.protocol.packet.ConnectAttributes;
import java.util.Locale;

/**
 * Which errors a client's library shows as they are. Libraries use the numbers 2000 to 2999 for
 * errors of their own. MariaDB Connector/C (3.3, which Debian gives to most programs in C, PHP's
 * and Perl's among them) takes one that comes from a server for a malformed packet and reports
 * 2027, which nobody's code for lost connections knows; a connection that is merely closed it
 * reports as 2013. All other libraries tried show the number that was sent.
 */
final class LibraryErrors {

    private static final int FIRST_OWN = 2_000;
    private static final int LAST_OWN = 2_999;

    private LibraryErrors() {}

    /** Whether the library that describes itself by {@code attributes} shows {@code number}. */
    static boolean shows(ConnectAttributes attributes, int number) {
        boolean own = number >= FIRST_OWN && number <= LAST_OWN;
        return !own
                || !attributes
                        .values()
                        .getOrDefault("_client_name", "")
                        .toLowerCase(Locale.ROOT)
                        .equals("libmariadb");
    }
}
