/**
 * The server side: opening a connection to a MySQL server and logging in to it as a client, for the
 * client's first login and for every later move. Knows nothing of the client's connection but what
 * the login request says.
 */
@NullMarked
package io.moha.proxy.backend;

import org.jspecify.annotations.NullMarked;
