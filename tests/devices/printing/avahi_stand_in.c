/* Stand-in for libavahi-client, preloaded by the tests only (cups_server.py): "announced", and nothing is. */
#include <stdlib.h>
typedef void (*client_cb)(void *client, int state, void *data);
typedef void (*group_cb)(void *group, int state, void *data);
static int thing;
static char *empty = "";
void *avahi_threaded_poll_new(void) { return &thing; }
const void *avahi_threaded_poll_get(void *p) { return p; }
int avahi_threaded_poll_start(void *p) { return 0; }
void avahi_threaded_poll_lock(void *p) {}
void avahi_threaded_poll_unlock(void *p) {}
void *avahi_client_new(const void *poll, int flags, client_cb cb, void *data, int *error) {
  if (error) *error = 0;
  if (cb) cb(&thing, 2, data); /* AVAHI_CLIENT_S_RUNNING */
  return &thing;
}
int avahi_client_errno(void *c) { return 0; }
const char *avahi_client_get_host_name_fqdn(void *c) { return "localhost"; }
void *avahi_entry_group_new(void *c, group_cb cb, void *data) { return &thing; }
int avahi_entry_group_add_service_strlst(void *g, ...) { return 0; }
int avahi_entry_group_add_service_subtype(void *g, ...) { return 0; }
int avahi_entry_group_commit(void *g) { return 0; }
int avahi_entry_group_free(void *g) { return 0; }
void *avahi_string_list_add_printf(void *l, const char *f, ...) { return &thing; }
void avahi_string_list_free(void *l) {}
