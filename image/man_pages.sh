# The man pages, for an image that has any.
# shellcheck shell=sh disable=SC2034,SC2154

# Installs those of the release, if it holds them.
put_man_pages() {
  tree_dir "$prefix/share/man" || tree_dir /usr/share/man || return 0
  for man_page in azure-provisioning.8 azure-provisioning-install.8 azure-provisioning.conf.5; do
    [ -f "$here/docs/man/$man_page" ] || continue
    put "$here/docs/man/$man_page" 644 "$prefix/share/man/man${man_page##*.}/$man_page"
  done
}

whole=man_pages
