package io.moha.protocol.wire;

import io.netty.handler.codec.DecoderException;

/**
 * The peer sent bytes that are no MySQL packet, or not the one that may come here. Carries no stack
 * trace, because hostile peers can cause it at will.
 */
public class MalformedPacketException extends DecoderException {

    private static final long serialVersionUID = 1;

    /**
     * @param message what was wrong, without any of the peer's data
     */
    public MalformedPacketException(String message) {
        super(message);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
