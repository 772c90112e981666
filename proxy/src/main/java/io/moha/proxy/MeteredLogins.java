package io.moha.proxy;

import io.moha.proxy.frontend.LoginFailure;
import io.moha.proxy.frontend.LoginObserver;
import io.moha.proxy.metrics.ProxyMetrics;

/** Counts logins in the proxy's metrics. */
record MeteredLogins(ProxyMetrics metrics) implements LoginObserver {

    @Override
    public void onLogin(LoginPath path) {
        metrics.countLogin(path.label());
    }

    @Override
    public void onFailure(LoginFailure failure) {
        metrics.countLoginFailure(failure.label());
    }
}
