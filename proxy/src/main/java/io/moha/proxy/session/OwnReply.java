package io.moha.proxy.session;

import io.netty.buffer.ByteBuf;

/** Hears how a command of the proxy's own was answered. */
@FunctionalInterface
interface OwnReply {

    /** For commands whose answer does not matter. */
    OwnReply IGNORED = (_, _) -> {};

    /**
     * The response is complete.
     *
     * @param ok whether it ended without an error
     * @param packets the whole response; released by the caller afterwards
     */
    void onReply(boolean ok, ByteBuf packets);
}
