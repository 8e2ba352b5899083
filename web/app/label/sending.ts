/** What sends answers to the server: begun by the labeling screen, or on any page when an earlier visit left something. */
import { ApiError as ClientError } from "../api/client";
import { bootQuery, projectQuery, queryClient } from "../api/queries";
import { ApiError, createApi, type LabelApi } from "./core/api";
import { openOffice, type Office } from "./core/office";
import { readPerson, readProject } from "./core/wire";
import { fetchEarly, noteUnsent } from "./early";

/** This screen's calls; what the shell has asked for already is not asked again. */
export const labelApi: LabelApi = {
  ...createApi(fetchEarly),
  me: async () => readPerson((await queryClient.ensureQueryData(bootQuery)).user) ?? { id: 0, name: "You", initials: "ME" },
  project: async (id) => {
    try {
      return readProject(await queryClient.fetchQuery({ ...projectQuery(id), staleTime: 2_000 }));
    } catch (error) {
      if (error instanceof ClientError) throw new ApiError(error.status, error.message);
      throw error;
    }
  },
};

let office: Promise<Office> | null = null;

async function openNow(): Promise<Office> {
  const opened = await openOffice({ api: labelApi, me: await labelApi.me() });
  const note = () => noteUnsent(opened.outbox.parcels.length + opened.leftovers() + opened.drafts.unsaved);
  opened.onChange(note);
  note();
  return opened;
}

/** The one office of whoever is logged in; it goes on sending after the labeling screen is closed. */
export function labelingOffice(): Promise<Office> {
  office ??= openNow();
  office.catch(() => (office = null));
  return office;
}
