/** Health, status and metrics of the proxy over HTTP, for load balancers and monitoring. */
@NullMarked
package io.moha.proxy.http;

import org.jspecify.annotations.NullMarked;
