/* The root folder of a made-up system, for the tests that read its sources. */
#ifndef TEST_PKGREPO_ROOT_H
#define TEST_PKGREPO_ROOT_H

extern char root[];

void root_put(const char *path, const char *text); /* path: below root */
void root_make(void);
void root_drop(void);

#endif
