package io.moha.protocol.response;

/** What {@link ResponseTracker} stopped at. */
public enum ResponseEvent {
    /** The end of the buffer; the bytes from the tracker's position on must be shown again. */
    MORE_BYTES,
    /** An OK packet, with either header. */
    OK,
    /** An EOF packet that ends rows or a response. */
    EOF,
    /** An error, which always ends the response. */
    ERR,
    /** A request for a file: the client sends its contents now. */
    LOCAL_INFILE,
    /** The head of a successful PREPARE: statement id and numbers of definitions. */
    PREPARED,
    /** The end of a response that has no packet of its own for it. */
    END
}
