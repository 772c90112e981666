package io.moha.protocol.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/** Payloads as real servers and clients sent them. */
final class Captured {

    /** The greeting of a MySQL 9.7.4. */
    static final String GREETING_97 =
            "0a392e372e342d3200b98d000060544c425546037d00ffffff0200ffdf15000000000000"
                    + "000000006329084474466a38720516360063616368696e675f736861325f70617373776f"
                    + "726400";

    /** The greeting of a MySQL 8.0.33. */
    static final String GREETING_80 =
            "0a382e302e333300130100006e2941521b64777e00ffffff0200ffdf1500000000000000"
                    + "0000001605336339511b4f0b7e4d680063616368696e675f736861325f70617373776f72"
                    + "6400";

    /**
     * The mysql command line of 9.7.4, user app, password apppw, schema app, answering {@link
     * #GREETING_97}; so are all others.
     */
    static final String MYSQL_97 =
            "8da2bf1900000001ff000000000000000000000000000000000000000000000061707000"
                    + "204607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6617070"
                    + "0063616368696e675f736861325f70617373776f72640072045f70696405323736363009"
                    + "5f706c6174666f726d067838365f3634035f6f73054c696e75780c5f636c69656e745f6e"
                    + "616d65086c69626d7973716c076f735f7573657204726f6f740f5f636c69656e745f7665"
                    + "7273696f6e05392e372e340c70726f6772616d5f6e616d65056d7973716c";

    /** The mysql command line of 8.0.33, asking for TLS. */
    static final String MYSQL_80_SSL =
            "85aabf1900000001ff0000000000000000000000000000000000000000000000";

    /** The mysql command line of 8.0.33, without a schema. */
    static final String MYSQL_80 =
            "85a2bf1900000001ff000000000000000000000000000000000000000000000061707000"
                    + "204607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6636163"
                    + "68696e675f736861325f70617373776f72640073045f706964053237363631095f706c61"
                    + "74666f726d067838365f3634035f6f73054c696e75780c5f636c69656e745f6e616d6508"
                    + "6c69626d7973716c076f735f7573657204726f6f740f5f636c69656e745f76657273696f"
                    + "6e06382e302e33330c70726f6772616d5f6e616d65056d7973716c";

    /** The mariadb command line of 10.11. */
    static final String MARIADB =
            "8da2bf000000100021000000000000000000000000000000000000000000000061707000"
                    + "204607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6617070"
                    + "0063616368696e675f736861325f70617373776f7264007f035f6f73054c696e75780c5f"
                    + "636c69656e745f6e616d650a6c69626d617269616462045f7069640532373636330f5f63"
                    + "6c69656e745f76657273696f6e06332e332e3230095f706c6174666f726d067838365f36"
                    + "340c70726f6772616d5f6e616d65056d7973716c0c5f7365727665725f686f7374093132"
                    + "372e302e302e31";

    /** PyMySQL 1.0.2. */
    static final String PYMYSQL =
            "0da23a00ffffff002d000000000000000000000000000000000000000000000061707000"
                    + "204607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6617070"
                    + "0063616368696e675f736861325f70617373776f726400360c5f636c69656e745f6e616d"
                    + "650770796d7973716c045f7069640532373636340f5f636c69656e745f76657273696f6e"
                    + "05312e302e32";

    /** Connector/J 9.7.0. */
    static final String CONNECTOR_J =
            "0fa23e19ffffff00ff000000000000000000000000000000000000000000000061707000"
                    + "204607437587970e600e7e2222d5cc958cd7d0d9d73df63352b0a3314ed831e8d6617070"
                    + "0063616368696e675f736861325f70617373776f72640082105f72756e74696d655f7665"
                    + "7273696f6e0632352e302e330f5f636c69656e745f76657273696f6e05392e372e300f5f"
                    + "636c69656e745f6c6963656e73650347504c0f5f72756e74696d655f76656e646f721045"
                    + "636c697073652041646f707469756d0c5f636c69656e745f6e616d65114d7953514c2043"
                    + "6f6e6e6563746f722f4a";

    /** MariaDB Connector/J 3.5.11, which begins with mysql_native_password. */
    static final String MARIADB_J =
            "8aa3be0100000040ff000000000000000000000000000000000000000000000061707000"
                    + "14fd45255934cb2b93ef558d02201173a0801d081f617070006d7973716c5f6e61746976"
                    + "655f70617373776f726400960c5f636c69656e745f6e616d65134d61726961444220436f"
                    + "6e6e6563746f722f4a0f5f636c69656e745f76657273696f6e06332e352e31310c5f7365"
                    + "727665725f686f7374093132372e302e302e31035f6f73054c696e7578075f7468726561"
                    + "6401330c5f6a6176615f76656e646f721045636c697073652041646f707469756d0d5f6a"
                    + "6176615f76657273696f6e0632352e302e33";

    private Captured() {}

    /** A buffer that needs no release. */
    static ByteBuf payload(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    }

    /** The bytes written to {@code buffer}, which is released. */
    static String hex(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return HexFormat.of().formatHex(bytes);
    }
}
