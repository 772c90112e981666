/**
 * The client side until a session starts: greeting, TLS, login, and the login inside
 * COM_CHANGE_USER. No list of users is kept; what a client proves is proved to a server.
 */
@NullMarked
package io.moha.proxy.frontend;

import org.jspecify.annotations.NullMarked;
