/**
 * Rebuilds one client's session on another server: log in as the client, restore what the session
 * remembers, hand the connection over. Knows neither the client's channel nor the session's state.
 */
@NullMarked
package io.moha.proxy.move;

import org.jspecify.annotations.NullMarked;
