/**
 * Admin SQL: a small server of the MySQL protocol that shows the cluster and this proxy and takes
 * the operators' commands. Any MySQL client can talk to it.
 */
@NullMarked
package io.moha.proxy.admin;

import org.jspecify.annotations.NullMarked;
