import { useMutation } from "@tanstack/react-query";
import { toast } from "@labelwright/ui";
import { api } from "../api/client";
import type { Project } from "../api/models";
import { invalidate, queryClient, projectQuery } from "../api/queries";

/** PATCHes a project and shows it everywhere; `onSaved` after the new state is in. */
export function useSaveProject(id: number, onSaved: () => void) {
  return useMutation({
    mutationFn: (patch: Partial<Project>) => api.patch<Project>(`/api/projects/${id}`, patch),
    onSuccess: async (saved) => {
      queryClient.setQueryData(projectQuery(id).queryKey, (now) => ({ ...now, ...saved }));
      onSaved();
      toast({ message: "Saved.", tone: "ok" });
      await invalidate(["project", id], ["projects"], ["tasks", id], ["columns", id]);
    },
  });
}
