/** TLS towards clients and servers, and the RSA key with which clients may encrypt a password. */
@NullMarked
package io.moha.proxy.tls;

import org.jspecify.annotations.NullMarked;
