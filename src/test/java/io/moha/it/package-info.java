/**
 * End-to-end tests over real MySQL servers, a real etcd and the product's own processes. What a
 * client gets through the proxy is compared with what the same client gets from the server itself.
 */
@NullMarked
package io.moha.it;

import org.jspecify.annotations.NullMarked;
