// All in Dockerfile: `docker buildx bake` builds every module for both platforms, `docker buildx bake os-packages-debian12`
// one. Every variable is set by the environment: REGISTRY=registry.example/kubecrate PUSH=1 docker buildx bake
// No stage runs a foreign CPU's code, so no emulation is needed.

variable "REGISTRY" { default = "ghcr.io/kubecrate" }
variable "TAG" { default = "latest" }
variable "VERSION" { default = "dev" }
variable "REVISION" { default = "" }
variable "SOURCE" { default = "https://github.com/kubecrate/kubecrate" }
variable "SOURCE_DATE_EPOCH" { default = "0" }
variable "PLATFORMS" { default = "linux/amd64,linux/arm64" }

// Where results go: PUSH=1 to the registry; OUT=DIR as layouts DIR/TARGET, with the same digest every time.
variable "PUSH" { default = "" }
variable "OUT" { default = "" }
// none suits modules, whose content is mostly compressed already; gzip and zstd make files and tools smaller.
variable "COMPRESSION" { default = "gzip" }
// Release builds may add attestations, which change from build to build: "type=provenance,mode=max;type=sbom"
variable "ATTEST" { default = "" }
// A repository for build caches: ghcr.io/OWNER/cache. It is read always, and written by builds that push.
variable "CACHE" { default = "" }

// PRESET=china asks mirrors in China; each variable below can also be set on its own. Debian's slim image has no certificates,
// so its archive is asked by http://; apt checks signatures.
variable "PRESET" { default = "" }
variable "DEBIAN" { default = PRESET == "china" ? "docker.m.daocloud.io/library/debian:bookworm-slim" : "docker.io/library/debian:bookworm-slim" }
variable "DEBIAN_MIRROR" { default = PRESET == "china" ? "http://mirrors.tuna.tsinghua.edu.cn/debian" : "" }
variable "DEBIAN_SECURITY_MIRROR" { default = PRESET == "china" ? "http://mirrors.tuna.tsinghua.edu.cn/debian-security" : "" }
variable "PIP_INDEX" { default = PRESET == "china" ? "https://pypi.tuna.tsinghua.edu.cn/simple" : "https://pypi.org/simple" }
variable "REGISTRY_MIRRORS" {
  default = PRESET != "china" ? "" : join(" ", [
    "docker.io=https://docker.m.daocloud.io", "quay.io=https://quay.m.daocloud.io", "ghcr.io=https://ghcr.m.daocloud.io",
    "registry.k8s.io=https://k8s.m.daocloud.io", "gcr.io=https://gcr.m.daocloud.io"])
}
variable "FILE_MIRRORS" {
  default = PRESET != "china" ? "" : join(" ", [for host in ["github.com", "dl.k8s.io", "get.helm.sh", "storage.googleapis.com"] :
    "https://${host}/=https://files.m.daocloud.io/${host}/"])
}
variable "PACKAGE_MIRRORS" {
  default = PRESET != "china" ? "" : join(" ", [
    "http://ftp.debian.org/debian=https://mirrors.tuna.tsinghua.edu.cn/debian",
    "http://security.debian.org/debian-security=https://mirrors.tuna.tsinghua.edu.cn/debian-security",
    "http://archive.ubuntu.com/ubuntu=https://mirrors.tuna.tsinghua.edu.cn/ubuntu",
    "http://security.ubuntu.com/ubuntu=https://mirrors.tuna.tsinghua.edu.cn/ubuntu",
    "http://ports.ubuntu.com/ubuntu-ports=https://mirrors.tuna.tsinghua.edu.cn/ubuntu-ports",
    "http://vault.centos.org/centos=https://mirrors.aliyun.com/centos-vault",
    "http://vault.centos.org/altarch=https://mirrors.aliyun.com/centos-vault/altarch",
    "https://dl.rockylinux.org/pub/rocky=https://mirrors.aliyun.com/rockylinux",
    "https://repo.almalinux.org/almalinux=https://mirrors.aliyun.com/almalinux",
    "https://mirror.stream.centos.org=https://mirrors.aliyun.com/centos-stream",
    "https://dl.fedoraproject.org/pub/epel=https://mirrors.aliyun.com/epel",
    "https://repo.openeuler.org=https://mirrors.aliyun.com/openeuler",
    "https://pkgs.k8s.io/core:/stable:=https://mirrors.aliyun.com/kubernetes-new/core/stable",
    "https://download.docker.com/linux=https://mirrors.aliyun.com/docker-ce/linux"])
}
// Registries without TLS
variable "PLAIN_HTTP" { default = "" }

// What goes in. KUBESPRAY=DIR is a checkout, whose own variables then give the lists.
variable "KUBESPRAY" { default = "" }
variable "ANSIBLE" { default = KUBESPRAY == "" ? "debian" : "pip" }
variable "FILES_LIST" { default = "lists/files-%ARCH%.list" }
variable "IMAGES_LIST" { default = "lists/images-%ARCH%.list" }
variable "TOOLS_LIST" { default = "lists/tools-%ARCH%.list" }
variable "IMAGES_MAP" { default = "" }
variable "LIST_OPTIONS" { default = "" }
variable "COMPOSE_IMAGES" { default = "nginx=docker.io/library/nginx:1.27.5-alpine registry=docker.io/library/registry:2.8.3" }
variable "PACKAGES" { default = "lists/packages.yaml" }
variable "PACKAGE_GROUPS" { default = "" }
// The target OS of the bundle; `os-packages` holds all of them.
variable "OS" { default = "debian12 ubuntu2204 ubuntu2404 rocky8 rocky9 centos7 openeuler2203" }
// Every OS that has a module of its own.
variable "EVERY_OS" { default = "debian11 debian12 debian13 ubuntu2004 ubuntu2204 ubuntu2404 centos7 rocky8 rocky9 alma8 alma9 centosstream9 fedora44 openeuler2203 openeuler2403 anolis8 kylin10" }
// A key file that signs the repositories
variable "SIGN_KEY" { default = "" }
// A docker or containers auth.json for the upstream registries
variable "AUTHFILE" { default = "" }

function "output" {
  params = [name]
  result = OUT != "" ? ["type=oci,tar=false,dest=${OUT}/${name},rewrite-timestamp=true,${packed()}"] : PUSH != "" ? ["type=registry,oci-mediatypes=true,${packed()}"] : []
}

// An engine that unpacks what it pushes cannot rewrite times, so every Dockerfile sets them itself.
function "packed" {
  params = []
  result = "compression=${codec()},compression-level=1,force-compression=true"
}

function "codec" {
  params = []
  result = COMPRESSION == "none" ? "uncompressed" : COMPRESSION
}

function "labels" {
  params = [name]
  result = {
    "org.opencontainers.image.title"    = "kubecrate ${name}"
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.revision" = REVISION
    "org.opencontainers.image.source"   = SOURCE
    "org.opencontainers.image.licenses" = "Apache-2.0"
  }
}

// The same words on the manifests, and on the index where there is one.
function "annotations" {
  params = [name]
  result = flatten([for kind in length(split(",", PLATFORMS)) > 1 ? ["index", "manifest"] : ["manifest"] :
    [for key, word in labels(name) : "${kind}:${key}=${word}" if word != ""]])
}

function "cache" {
  params = [name, options]
  result = CACHE == "" ? [] : ["type=registry,ref=${CACHE}:${name}${options}"]
}

// Contexts named kubespray, where there is a checkout.
function "with_kubespray" {
  params = [contexts]
  result = KUBESPRAY == "" ? contexts : merge(contexts, { kubespray = KUBESPRAY })
}

function "os_packages" {
  params = [name, os]
  result = {
    name = name, from = "os-packages", args = { OS = os, NAME = name, PACKAGES = PACKAGES, PACKAGE_GROUPS = PACKAGE_GROUPS }
    secret = SIGN_KEY == "" ? [] : ["id=sign-key,src=${SIGN_KEY}"]
  }
}

// In this order, with PUSH=1: `base`, the modules, `bundle`. Each reads from the registry what the one before pushed, so no
// group holds them all: it would put the last build's images together.
group "default" { targets = ["modules"] }
group "base" { targets = ["tools", "site-tools", "kubespray-base", "kubespray"] }
group "modules" { targets = ["os-packages", "kubespray-files", "kubespray-images", "kubespray-image", "os-tools", "compose", "installer"] }

target "common" {
  context   = "."
  platforms = split(",", PLATFORMS)
  attest    = ATTEST == "" ? ["type=provenance,disabled=true"] : split(";", ATTEST)
  args = {
    SOURCE_DATE_EPOCH      = SOURCE_DATE_EPOCH
    VERSION                = VERSION
    DEBIAN                 = DEBIAN
    DEBIAN_MIRROR          = DEBIAN_MIRROR
    DEBIAN_SECURITY_MIRROR = DEBIAN_SECURITY_MIRROR
  }
}

// What every module has: the tools of this very commit, and the mirrors.
target "module" {
  inherits = ["common"]
  contexts = { tools = "target:tools" }
  args     = { TOOLS = "tools", REGISTRY_MIRRORS = REGISTRY_MIRRORS, PLAIN_HTTP = PLAIN_HTTP, FILE_MIRRORS = FILE_MIRRORS, PACKAGE_MIRRORS = PACKAGE_MIRRORS }
  secret   = AUTHFILE == "" ? [] : ["id=registry-auth,src=${AUTHFILE}"]
}

// Every image: what an item does not say follows from its name. `docker buildx bake image` builds all of them.
target "image" {
  matrix = {
    image = concat([
      { name = "tools", kind = "common", stage = "tools", keep = "max" },
      { name = "site-tools", kind = "common", from = "tools", stage = "site" },
      { name = "kubespray-base", kind = "common", contexts = with_kubespray({}), args = { ANSIBLE = ANSIBLE, PIP_INDEX = PIP_INDEX }, keep = "max" },
      { name = "kubespray", kind = "common", contexts = with_kubespray({ kubespray-base = "target:kubespray-base", site-tools = "target:site-tools" }),
        args = { KUBESPRAY_BASE = "kubespray-base", SITE_TOOLS = "site-tools" } },
      // Reads the modules from the registry: push them first. scripts/bundle does the same without moving a layer.
      { name = "bundle", args = { REGISTRY = REGISTRY, TAG = TAG } },

      { name = "kubespray-files", contexts = with_kubespray({}), args = { FILES_LIST = FILES_LIST, LIST_OPTIONS = LIST_OPTIONS } },
      { name = "kubespray-images", contexts = with_kubespray({}), args = { IMAGES_LIST = IMAGES_LIST, IMAGES_MAP = IMAGES_MAP, LIST_OPTIONS = LIST_OPTIONS } },
      // Reads the deployer from the registry: push the group `base` first.
      { name = "kubespray-image", args = { KUBESPRAY_IMAGE = "${REGISTRY}/kubespray:${TAG}" } },
      { name = "os-tools", contexts = { site-tools = "target:site-tools" }, args = { SITE_TOOLS = "site-tools", TOOLS_LIST = TOOLS_LIST } },
      { name = "compose", args = { COMPOSE_IMAGES = COMPOSE_IMAGES } },
      { name = "installer" },
      os_packages("os-packages", OS),
    ], [for os in split(" ", EVERY_OS) : os_packages("os-packages-${os}", os)])
  }
  name        = image.name
  inherits    = [lookup(image, "kind", "module")]
  dockerfile  = "dockerfiles/${lookup(image, "from", image.name)}/Dockerfile"
  target      = lookup(image, "stage", "")
  contexts    = lookup(image, "contexts", {})
  args        = lookup(image, "args", {})
  secret      = lookup(image, "secret", [])
  tags        = ["${REGISTRY}/${image.name}:${TAG}"]
  labels      = labels(image.name)
  annotations = annotations(image.name)
  output      = output(image.name)
  // A module's layers are its results; tools and deployer keep their steps too.
  cache-from = cache(image.name, "")
  cache-to   = PUSH == "" ? [] : cache(image.name, ",mode=${lookup(image, "keep", "min")}")
}
