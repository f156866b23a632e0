# Keeps the environment from changing what the scripts do; sourced first. What runs before the first line of a script (BASH_ENV in
# bash, LD_PRELOAD) is out of its reach.
# shellcheck shell=sh disable=SC2034

# The scripts' variables have names in lower case. One that is inherited would have a value before a script assigns it, and would
# be exported to every program, however large it becomes.
#
#   clean_environment HERE    the folder of the script, which $here is set to again
clean_environment() {
  # Text from a tree, or from the environment, is bytes: in a UTF-8 locale, sed stops at invalid ones.
  LC_ALL=C
  export LC_ALL
  set_safe_path
  # Options that bash takes from SHELLOPTS: "noclobber", and "keyword", which takes words such as "a=b" from a command's arguments.
  set +C
  # With "monitor", what runs in the background cannot read an answer from the terminal.
  set +m
  # shellcheck disable=SC3041
  ! (set +k) 2>/dev/null || set +k
  # Only bash inherits functions, and only bash has this command, which lists them.
  unset -f compgen
  # shellcheck disable=SC3044
  for name in $(PATH=/ compgen -A function 2>/dev/null); do
    case $name in
    clean_environment | set_safe_path) ;;
    *) unset -f "$name" ;;
    esac
  done
  # Options that bash takes from the environment, too, and that change what patterns match, what fails, or which shell runs a
  # command.
  # shellcheck disable=SC3044
  PATH=/ shopt -u failglob nullglob dotglob nocaseglob nocasematch lastpipe execfail extdebug xpg_echo localvar_inherit \
    2>/dev/null || :
  # Bash writes "declare".
  for name in $(export -p | sed -n 2>/dev/null -e 's/^export \([a-z][A-Za-z0-9_]*\).*/\1/p' \
    -e 's/^declare -[A-Za-z]* \([a-z][A-Za-z0-9_]*\).*/\1/p'); do
    unset -v "$name"
  done
  # These change how the shell or the programs read arguments and write output, end them early, or make them load code.
  unset -v ENV BASH_ENV CDPATH TMPDIR TMOUT GLOBIGNORE GLOBSORT BASH_COMPAT BASH_XTRACEFD POSIXLY_CORRECT POSIX_ME_HARDER \
    _POSIX2_VERSION GREP_OPTIONS GREP_COLOR GREP_COLORS GAWK_PERSIST_FILE GAWK_READ_TIMEOUT GAWK_SOCK_RETRIES PMA_VERBOSITY \
    MAWKBINMODE MAWK_LONG_OPTIONS WHINY_USERS QUOTING_STYLE TIME_STYLE BLOCK_SIZE BLOCKSIZE DF_BLOCK_SIZE LS_BLOCK_SIZE \
    AWKPATH AWKLIBPATH GAWK_LOCALE_DIR OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES PERL5LIB PERL5OPT PERLLIB PERL5DB
  # With another number, busybox may crash when a function is called.
  OPTIND=1
  here=$1
}

# Empty and relative entries of PATH are below the current folder, which may be anybody's.
set_safe_path() {
  path_left=${PATH-}: safe_path=''
  while [ -n "$path_left" ]; do
    path_folder=${path_left%%:*}
    path_left=${path_left#*:}
    case $path_folder in /*) safe_path=${safe_path:+$safe_path:}$path_folder ;; esac
  done
  PATH=${safe_path:-/usr/sbin:/usr/bin:/sbin:/bin}
  export PATH
}

# With it, bash ends functions that call others.
unset -v FUNCNEST
IFS=' 	
'
clean_environment "$here"

whole=environment
