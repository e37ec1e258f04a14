// The parts of a Kubernetes control plane in one program; the first argument, or the name that it is called by, says which one runs. Linking
// them once instead of three times is what makes the build affordable on a small machine.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func part(name string) *cobra.Command {
	switch name {
	case "kube-apiserver":
		return apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		return controllermanager.NewControllerManagerCommand()
	case "kube-scheduler":
		return scheduler.NewSchedulerCommand()
	}
	return nil
}

func main() {
	command := part(filepath.Base(os.Args[0]))
	if command == nil && len(os.Args) > 1 {
		command = part(os.Args[1])
		os.Args = os.Args[1:]
	}
	if command == nil {
		fmt.Fprintln(os.Stderr, "usage: control-plane kube-apiserver|kube-controller-manager|kube-scheduler FLAGS…")
		os.Exit(2)
	}
	os.Exit(cli.Run(command))
}
