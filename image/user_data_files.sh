# Where a VM keeps its user data, its custom data, their results, their output, a write of them that was interrupted, or a copy
# of the provisioning media (if /run is on a disk).
# shellcheck shell=sh disable=SC2034

userdata_files='/var/lib/azure-provisioning/customData /var/lib/azure-provisioning/.customData.azure-provisioning
/var/lib/azure-provisioning/.customdata.run /var/lib/azure-provisioning/customdata.result
/var/lib/azure-provisioning/customdata.result.new /run/azure-provisioning/ovf-env.xml /run/azure-provisioning/.ovf-env.xml.new
/var/lib/azure-provisioning/userData /var/lib/azure-provisioning/.userData.azure-provisioning
/var/lib/azure-provisioning/.userdata.run /var/lib/azure-provisioning/userdata.result
/var/lib/azure-provisioning/userdata.result.new /var/log/azure-provisioning-userdata.log'

whole=user_data_files
