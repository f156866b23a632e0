#!/bin/sh
# The article's whole first boot: its Python script, then the host name by curl.
set -eu

python3 /bench/article.py
hostname "$(curl -s -H Metadata:true --noproxy '*' \
  'http://169.254.169.254/metadata/instance/compute/name?api-version=2019-06-01&format=text')"
