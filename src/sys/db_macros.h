/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one trick of sys/db.h: DB_CALL(sql, a, b, ...) becomes `sql, values, count` with up to 24
 * values, each bound by its type. The list begins with a NULL that is stepped over, since an empty
 * initializer is not C11. */
#pragma once

#define DB_CALL(...)                                                                               \
    DB_FIRST(__VA_ARGS__, 0), &DB_LIST(__VA_ARGS__)[1],                                            \
        (int)(sizeof(DB_LIST(__VA_ARGS__)) / sizeof(struct db_value)) - 1
#define DB_LIST(...)                                                                               \
    (const struct db_value[])                                                                      \
    {                                                                                              \
        db_null() DB_PICK(__VA_ARGS__, DB_24, DB_23, DB_22, DB_21, DB_20, DB_19, DB_18, DB_17,     \
                          DB_16, DB_15, DB_14, DB_13, DB_12, DB_11, DB_10, DB_9, DB_8, DB_7, DB_6, \
                          DB_5, DB_4, DB_3, DB_2, DB_1, DB_0, 0)(__VA_ARGS__)                      \
    }
#define DB_FIRST(sql, ...) sql
#define DB_PICK(_sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,  \
                _18, _19, _20, _21, _22, _23, _24, name, ...)                                      \
    name
#define DB_0(sql)
#define DB_1(sql, _1) , DB_BIND(_1)
#define DB_2(sql, _1, _2) , DB_BIND(_1), DB_BIND(_2)
#define DB_3(sql, _1, _2, _3) , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3)
#define DB_4(sql, _1, _2, _3, _4) , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4)
#define DB_5(sql, _1, _2, _3, _4, _5)                                                              \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5)
#define DB_6(sql, _1, _2, _3, _4, _5, _6)                                                          \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6)
#define DB_7(sql, _1, _2, _3, _4, _5, _6, _7)                                                      \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7)
#define DB_8(sql, _1, _2, _3, _4, _5, _6, _7, _8)                                                  \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8)
#define DB_9(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9)                                              \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9)
#define DB_10(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10)                                        \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10)
#define DB_11(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11)                                   \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11)
#define DB_12(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12)                              \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12)
#define DB_13(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13)                         \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13)
#define DB_14(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14)                    \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14)
#define DB_15(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15)               \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15)
#define DB_16(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16)          \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16)
#define DB_17(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17)     \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17)
#define DB_18(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18)                                                                                 \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18)
#define DB_19(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19)                                                                            \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19)
#define DB_20(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19, _20)                                                                       \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19),        \
        DB_BIND(_20)
#define DB_21(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19, _20, _21)                                                                  \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19),        \
        DB_BIND(_20), DB_BIND(_21)
#define DB_22(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19, _20, _21, _22)                                                             \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19),        \
        DB_BIND(_20), DB_BIND(_21), DB_BIND(_22)
#define DB_23(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19, _20, _21, _22, _23)                                                        \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19),        \
        DB_BIND(_20), DB_BIND(_21), DB_BIND(_22), DB_BIND(_23)
#define DB_24(sql, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,     \
              _18, _19, _20, _21, _22, _23, _24)                                                   \
    , DB_BIND(_1), DB_BIND(_2), DB_BIND(_3), DB_BIND(_4), DB_BIND(_5), DB_BIND(_6), DB_BIND(_7),   \
        DB_BIND(_8), DB_BIND(_9), DB_BIND(_10), DB_BIND(_11), DB_BIND(_12), DB_BIND(_13),          \
        DB_BIND(_14), DB_BIND(_15), DB_BIND(_16), DB_BIND(_17), DB_BIND(_18), DB_BIND(_19),        \
        DB_BIND(_20), DB_BIND(_21), DB_BIND(_22), DB_BIND(_23), DB_BIND(_24)
