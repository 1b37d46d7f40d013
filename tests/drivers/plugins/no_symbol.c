int fieldlink_not_a_driver(void);

__attribute__((visibility("default"))) int fieldlink_not_a_driver(void) {
    return 0;
}
