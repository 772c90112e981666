package io.moha.it.raw;

import java.io.IOException;

/** The server answered a login with an error. */
public final class LoginRefused extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    LoginRefused(Packet error) {
        super(error.errno() + " " + error.message());
        errno = error.errno();
    }

    /** The error's number. */
    public int errno() {
        return errno;
    }
}
